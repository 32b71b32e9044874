import { GreenroomError } from '../errors.ts';

/** The other side has broken the protocol; its connection ends. */
export function violation(message: string, options?: ErrorOptions): GreenroomError {
  return new GreenroomError('protocol.violation', message, options);
}
