'use strict';
// What the stand-in's extension host loads in place of the suite. It says over a socket what the
// suite prints and how it ends: VS Code itself reports a killed extension host as a success.
const { once } = require('node:events');
const net = require('node:net');
const { Writable } = require('node:stream');
const { format } = require('node:util');

exports.run = async () => {
  const socket = net.connect(process.env.GREENROOM_SUITE_SOCKET);
  await once(socket, 'connect');
  const send = message => socket.write(`${JSON.stringify(message)}\n`);
  redirectOutput(send);
  try {
    await loadSuite(process.env.GREENROOM_SUITE).run();
    send({ kind: 'ended', passed: true });
  } catch (error) {
    send({ kind: 'output', stream: 'stderr', text: `${error?.stack ?? error}\n` });
    send({ kind: 'ended', passed: false });
    throw error;
  } finally {
    await new Promise(done => socket.end(done));
  }
};

function loadSuite(file) {
  const suite = require(file);
  if (typeof suite.run !== 'function') throw new Error(`${file} exports no run()`);
  return suite;
}

function redirectOutput(send) {
  const output = (stream, text) => send({ kind: 'output', stream, text });
  const replace = (owner, name, value) =>
    Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  for (const stream of ['stdout', 'stderr']) {
    const write = (chunk, _encoding, done) => (output(stream, String(chunk)), done());
    replace(process, stream, new Writable({ decodeStrings: false, write }));
  }
  for (const level of ['log', 'info', 'debug', 'warn', 'error']) {
    const stream = level === 'warn' || level === 'error' ? 'stderr' : 'stdout';
    replace(console, level, (...values) => output(stream, `${format(...values)}\n`));
  }
}
