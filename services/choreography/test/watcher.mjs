// Imports the files that it is given, and prints what they opened while they were imported, as JSON. The sources of modules, which
// Node opens by the same functions, are left out.
import child_process from 'node:child_process';
import cluster from 'node:cluster';
import dgram from 'node:dgram';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import worker_threads from 'node:worker_threads';

/** @type {string[]} */
const seen = [];

/** @param {string} module @param {any} of @param {readonly string[]} names */
function watch(module, of, names) {
  for (const name of names) {
    const original = of[name];
    /** @param {any[]} args */
    const watched = function (...args) {
      if (!isSource(name, args)) seen.push(module === '' ? name : `${module}.${name}`);
      return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
    };
    Object.defineProperty(watched, 'prototype', { value: original.prototype });
    Object.setPrototypeOf(watched, original);
    of[name] = watched;
  }
}

/** @param {string} name @param {any[]} args */
const isSource = (name, [file, flags = 'r']) =>
  name === 'openSync' && (flags === 'r' || flags === fs.constants.O_RDONLY) && /\.[cm]?js(on)?$/.test(String(file));

watch('net', net, ['connect', 'createConnection', 'createServer']);
watch('net.Socket', net.Socket.prototype, ['connect']);
watch('tls', tls, ['connect', 'createServer']);
watch('dgram', dgram, ['createSocket']);
watch('http', http, ['request', 'get', 'createServer']);
watch('https', https, ['request', 'get', 'createServer']);
watch('fs', fs, [
  'open',
  'openSync',
  'createReadStream',
  'createWriteStream',
  'writeFileSync',
  'appendFileSync',
  'watch',
]);
watch('fs.promises', fs.promises, ['open', 'writeFile', 'appendFile']);
watch('child_process', child_process, ['spawn', 'spawnSync', 'exec', 'execFile', 'execSync', 'execFileSync', 'fork']);
watch('cluster', cluster, ['fork']);
watch('worker_threads', worker_threads, ['Worker']);
watch('', globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'fetch']);
syncBuiltinESMExports();

const files = process.argv.slice(2);
for (const file of files) await import(file);
console.log(JSON.stringify(seen));
