import { connect } from 'node:net';
import { type ChildSpec, httpDoesNotAnswer, nodeRuntime } from '@troupe/embedded';
import { PACKAGES_VARIABLE } from './packages.ts';
import { environmentOf, type PeerSettings } from './settings.ts';

export interface NodeProcess {
  readonly name: string;
  /** The program and its arguments. */
  readonly args: readonly string[];
  readonly settings: PeerSettings;
  /** The folder with the packages of the peers. */
  readonly packages: string;
}

/** A Node process of a peer. Ready when it answers HTTP. Node's own limits of memory. */
export function nodeSpec({ name, args, settings, packages }: NodeProcess): ChildSpec {
  return {
    name,
    command: nodeRuntime().command,
    args,
    env: { ...process.env, NODE_ENV: 'production', [PACKAGES_VARIABLE]: packages, ...environmentOf(settings) },
    notReady: () => httpDoesNotAnswer(`http://127.0.0.1:${settings.port}/`),
    readyWithinMs: 60_000,
    stopSignals: ['SIGTERM'],
    stopWithinMs: 5_000,
  };
}

/** For what speaks another protocol: undefined when somebody listens there, else why not. */
export function portDoesNotAnswer(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', ({ message }) => resolve(message));
  });
}
