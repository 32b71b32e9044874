import type { SessionPool } from '../sessions/pool/sessionPool.ts';

export const closeAllSessions = (pool: SessionPool) => () => pool.closeAll();
