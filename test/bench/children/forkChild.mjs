import process from 'node:process';
import { workloadMethods } from './workload.mjs';

const methods = workloadMethods();
const questions = new Map();
let lastQuestion = 0;

/** Has the other side run its function with each list of arguments. */
function askAll(items) {
  const question = ++lastQuestion;
  process.send({ question, items });
  return new Promise(resolve => questions.set(question, resolve));
}

const ask = Object.assign(async index => (await askAll([[index]]))[0], { batch: askAll });

process.on('message', async ({ id, method, args, items, question, answers }) => {
  if (question !== undefined) {
    questions.get(question)(answers);
    questions.delete(question);
  } else if (items) {
    process.send({ id, result: items.map(item => methods[method](...item)) });
  } else {
    const result = methods[method](...(args[0] === 'ask' ? [ask, ...args.slice(1)] : args));
    process.send({ id, result: result instanceof Promise ? await result : result });
  }
});
