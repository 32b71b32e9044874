import { Emitter } from '../base/event.ts';
import type { Transport } from './transport.ts';

/**
 * A transport as those see it who care for whole messages: frames with a piece are taken from their
 * sight by `takePiece`, which says whether it has.
 */
export function wholeMessages(
  transport: Transport,
  takePiece: (frame: Uint8Array) => boolean,
  onViolation: (error: Error) => void,
): Transport {
  const frames = new Emitter<Uint8Array>();
  const listening = transport.onFrame(frame => {
    let isPiece: boolean;
    try {
      isPiece = takePiece(frame);
    } catch (error) {
      return onViolation(error as Error);
    }
    if (!isPiece) frames.fire(frame);
  });
  return {
    onFrame: frames.event,
    onEnd: transport.onEnd,
    send: frame => transport.send(frame),
    dispose: () => {
      listening.dispose();
      transport.dispose();
    },
  };
}
