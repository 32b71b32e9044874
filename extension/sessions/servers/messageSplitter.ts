import { Buffer } from 'node:buffer';
import { Chunks } from '../../../server/node/chunks.ts';
import { clip } from '../../../server/shared/base/clip.ts';
import { violation } from '../../../server/shared/protocol/violation.ts';

const headerEnd = '\r\n\r\n';
const maxHeaderBytes = 4_096;

/**
 * Cuts what a language server writes into the bodies of its messages, however the chunks fall: header
 * fields, an empty line, and as many bytes as `Content-Length` announces (Language Server Protocol 3.17,
 * "Base Protocol").
 */
export class MessageSplitter {
  /** What has come of a header that is not complete. */
  private header = '';
  private readonly body = new Chunks();
  /** Of the body that is being gathered; undefined while its header is awaited. */
  private missingBytes: number | undefined;

  constructor(
    private readonly maxBodyBytes: number,
    private readonly onBody: (body: Buffer) => void,
  ) {}

  /** Hands out every body that the chunk completes. Throws `protocol.violation` for what is no message. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.missingBytes === undefined ? this.readHeader(rest) : this.readBody(rest);
    }
  }

  private readHeader(chunk: Buffer): Buffer {
    const known = this.header.length;
    const text = this.header + chunk.toString('latin1', 0, maxHeaderBytes);
    const end = text.indexOf(headerEnd);
    assertHeaderLike(text, end);
    if (end < 0) {
      this.header = text;
      return chunk.subarray(chunk.length);
    }
    this.header = '';
    const length = this.announced(text.slice(0, end));
    const rest = chunk.subarray(end + headerEnd.length - known);
    if (length > 0) this.missingBytes = length;
    else this.onBody(Buffer.alloc(0));
    return rest;
  }

  private readBody(chunk: Buffer): Buffer {
    const missing = this.missingBytes!;
    const piece = chunk.subarray(0, missing);
    this.body.add(piece);
    this.missingBytes = missing - piece.length;
    if (this.missingBytes > 0) return chunk.subarray(chunk.length);
    this.missingBytes = undefined;
    this.onBody(this.body.take());
    return chunk.subarray(missing);
  }

  private announced(header: string): number {
    const value = /^content-length:[ \t]*(\d{1,15})[ \t]*$/imu.exec(header)?.[1];
    if (value === undefined) throw violation(`a message without a length: '${clip(header, 200)}'`);
    const length = Number(value);
    if (length <= this.maxBodyBytes) return length;
    throw violation(
      `a message of ${length} bytes was announced; the limit is ${this.maxBodyBytes}`,
    );
  }
}

/** So that a line that was printed for people is known at once, not when the next message comes. */
const fieldName = 'content-';

function assertHeaderLike(text: string, end: number): void {
  const isField = fieldName.startsWith(text.slice(0, fieldName.length).toLowerCase());
  if (isField && (end >= 0 || text.length < maxHeaderBytes)) return;
  const line = clip(text.split(/[\r\n]/u)[0] ?? '', 200);
  throw violation(`it printed '${line}' where a message was expected`);
}
