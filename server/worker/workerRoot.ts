import { GreenroomError } from '../shared/errors.ts';
import { parseToolSpec, type WorkerApi } from '../shared/protocol/worker.ts';
import { KeptResult, type ServedMethod, type ServedObject } from '../shared/rpc/objectTable.ts';
import type { Tool, ToolPowers } from '../tools/contract.ts';

/** The object that the host calls first: it opens tools and hands out references to them. */
export function createWorkerRoot(tools: readonly Tool[], powers: ToolPowers): ServedObject {
  const methods: Record<keyof WorkerApi, ServedMethod> = {
    async openTool([raw]) {
      const spec = parseToolSpec(raw);
      const tool = tools.find(candidate => candidate.name === spec.name);
      if (!tool)
        throw new GreenroomError('tool.notFound', `this worker has no tool '${spec.name}'`);
      const { opened, methods: toolMethods } = await tool.open(spec, powers);
      return new KeptResult(toolMethods, opened);
    },
  };
  return new Map(Object.entries(methods));
}
