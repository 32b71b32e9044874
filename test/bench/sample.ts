/** About `lines` lines of TypeScript as people write it, badly formatted. The same for the same number. */
export function typeScriptSample(lines: number): string {
  const blocks = Array.from({ length: Math.ceil(lines / 10) }, (_, n) => block(n));
  return blocks.join('\n').split('\n').slice(0, lines).join('\n');
}

function block(n: number): string {
  return `export interface Shape${n} { readonly name : string ; sides:number, tags?: readonly string[] }

/** Measures shape number ${n}. */
export async function measure${n}( shape:Shape${n}, scale = ${n}.5 ):Promise<Map<string,number>> {
    const result=new Map<string,number>()
    for (const [index,tag] of (shape.tags??[]).entries()) { if(index%2===0&&tag.length>3) result.set(tag, shape.sides*scale) }
    return shape.sides > ${n} ? result : new Map([...result].filter(([key]) => key !== "none${n}"))
}
`;
}
