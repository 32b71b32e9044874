import type { SessionPool } from '../sessions/sessionPool.ts';

export const closeAllSessions = (pool: SessionPool) => () => pool.closeAll();
