import type { DashboardHostApi } from '../server/shared/protocol/dashboard.ts';

/** What a person can do from the panel. */
export interface PanelActions {
  readonly prewarm: () => void;
  readonly restart: (session: string) => void;
  readonly close: (session: string) => void;
  readonly resetStatistics: () => void;
  readonly showLog: () => void;
}

export function createActions(host: Omit<DashboardHostApi, 'attached'>): PanelActions {
  return {
    prewarm: () => detach(host.prewarm()),
    restart: session => detach(host.restart(session)),
    close: session => detach(host.close(session)),
    resetStatistics: () => detach(host.resetStatistics()),
    showLog: () => detach(host.showLog()),
  };
}

/** Lets a request go its way: the host itself tells the person and the log of a failure. */
export function detach(request: Promise<void>): void {
  request.catch(() => undefined);
}
