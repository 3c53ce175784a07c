import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { answers } from '@troupe/deploy';
import { defaultPorts, type PortName, type Ports, portVariable } from '../settings.ts';
import { reserve } from './port-reservations.ts';

/**
 * Where free ports are looked for: below those that Linux (32768 and above) and other systems (49152) give to outgoing
 * connections, because one of these could take a port before it is used.
 */
const FREE = { from: 15_000, to: 32_000 };

/**
 * A free port for each, in a row with a random start. They belong to this process until it ends, also while nobody listens
 * on them: a test may have killed the process behind one, and it comes back.
 */
export async function freePorts(): Promise<Ports> {
  const ports = {} as Record<PortName, number>;
  let port = randomInt(FREE.from, FREE.to - 1_000);
  for (const name of Object.keys(defaultPorts) as PortName[]) {
    while (!reserve(port) || (await isTaken(port))) port += 1;
    ports[name] = port;
    port += 1;
  }
  return ports;
}

/** A sentence for each port that is taken: by whom, where the system tells, and how to use another one. */
export async function takenPorts(ports: Ports, names: readonly PortName[]): Promise<string[]> {
  const sentences = names.map(async (name) => {
    if (!(await isTaken(ports[name]))) return [];
    const owner = ownerOf(ports[name]);
    const found =
      owner ??
      `another process (${process.platform === 'linux' ? 'ss -ltnp' : 'lsof -nP -iTCP -sTCP:LISTEN'} shows which)`;
    return [
      `Port ${ports[name]} (${name}) is taken by ${found}. Stop it, or use another port: ${portVariable(name)}=${anotherPort(ports[name])} npm start`,
    ];
  });
  return (await Promise.all(sentences)).flat();
}

const anotherPort = (port: number): number => (port > 55_535 ? port - 10_000 : port + 10_000);

/** Some systems let two processes listen on one port, so both ways are tried. */
async function isTaken(port: number): Promise<boolean> {
  if (await answers('127.0.0.1', port)) return true;
  try {
    await close(await listen(port));
    return false;
  } catch {
    return true;
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}

/** `java (process 1234)`; undefined where the system does not tell, as for processes of other users. */
export function ownerOf(port: number): string | undefined {
  try {
    return process.platform === 'linux' ? ownerOnLinux(port) : ownerFromLsof(port);
  } catch {
    return undefined;
  }
}

function ownerFromLsof(port: number): string | undefined {
  const options = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const answer = execFileSync('lsof', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [, pid, name] = /^p(\d+)\nc(.*)$/m.exec(answer) ?? [];
  return pid && `${name} (process ${pid})`;
}

function ownerOnLinux(port: number): string | undefined {
  const sockets = new Set(listeningSockets(port).map((inode) => `socket:[${inode}]`));
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const pid = pids.find((candidate) => openFiles(candidate).some((file) => sockets.has(file)));
  return pid && `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
}

/** The inodes of the sockets that listen on a port, from the kernel's table (state 0A is LISTEN). */
function listeningSockets(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === '0A')
      .map((fields) => fields[9] ?? ''),
  );
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
