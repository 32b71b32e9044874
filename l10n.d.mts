export const bundlePath: string;
export function collectTexts(): Readonly<Record<string, string>>;
