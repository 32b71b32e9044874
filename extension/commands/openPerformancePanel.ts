import type { PerformancePanel } from '../dashboard/panel.ts';

export const openPerformancePanel = (panel: PerformancePanel) => () => panel.open();
