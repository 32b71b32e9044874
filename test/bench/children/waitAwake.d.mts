export function waitAwake(): void;
