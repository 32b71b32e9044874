import { GreenroomError } from '../shared/errors.ts';
import { parseToolSpec, type WorkerApi } from '../shared/protocol/worker.ts';
import type { LiveCounts } from '../shared/rpc/connection.ts';
import { ServedObject, type ServedMethod } from '../shared/rpc/members.ts';
import type { Tool, ToolPowers } from '../tools/contract.ts';
import { loadModule } from './loadModule.ts';
import { inOwnFolder } from './ownFolder.ts';

/** The object that the host calls first: it opens tools, loads modules, and hands out references. */
export function createWorkerRoot(
  tools: readonly Tool[],
  powers: ToolPowers,
  live: () => LiveCounts,
): ServedObject {
  const methods: Record<keyof WorkerApi, ServedMethod> = {
    async openTool([raw]) {
      const spec = parseToolSpec(raw);
      const tool = tools.find(candidate => candidate.name === spec.name);
      if (!tool)
        throw new GreenroomError('tool.notFound', `this worker has no tool '${spec.name}'`);
      const { opened, methods: toolMethods } = await tool.open(spec, powers);
      return { opened, tool: toolMethods.calledBy(inOwnFolder) };
    },
    load: ([module, exportName]) => loadModule(module, exportName),
    live,
  };
  return new ServedObject(methods);
}
