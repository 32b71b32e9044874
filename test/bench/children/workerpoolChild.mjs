import workerpool from 'workerpool';
import { workloadMethods } from './workload.mjs';

workerpool.worker(workloadMethods());
