import { workloadMethods } from './workload.mjs';

const methods = workloadMethods();

export default ({ method, args }) => methods[method](...args);
