import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import express, { type Request, type Response } from 'express';
import { shown } from '../../rules/fault-sentences.ts';
import { type HttpProblem, wrongPart } from '../answer/problem.ts';

const JSON_TYPE = /^application\/(?:[^/]+\+)?json$/;

export type BodyReader = (request: Request, response: Response) => Promise<unknown>;

/**
 * Reads bodies as JSON; none counts as `{}`. Compressed ones are refused: what they grow to is known too late.
 * @throws HttpProblem 413 above `limitBytes`, 415 for what is not JSON in UTF-8, 400 for what is not well-formed.
 */
export function jsonBodies(limitBytes: number): BodyReader {
  const read = express.raw({ type: () => true, limit: limitBytes, inflate: false });
  return async (request, response) => {
    if (!hasBody(request)) return {};
    const type = request.headers['content-type'];
    if (type === undefined || !isJson(type)) throw notJson(type);
    await new Promise<void>((resolve, reject) => {
      read(request, response, (error?: unknown) =>
        error === undefined ? resolve() : reject(unreadable(error, limitBytes)),
      );
    });
    return parse(request.body as Buffer);
  };
}

/** Parameters other than `charset` say nothing that changes how JSON is read (RFC 9110, 8.3; RFC 8259, 8.1). */
function isJson(type: string): boolean {
  try {
    const { essence, params } = new MIMEType(type);
    return JSON_TYPE.test(essence) && (params.get('charset') ?? 'utf-8').toLowerCase() === 'utf-8';
  } catch {
    return false;
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw malformed('is not valid UTF-8; encode the text as UTF-8');
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    throw malformed(`is not valid JSON${placeOf(String(error), text)}; correct it and send it again`);
  }
}

/** V8 tells the position in most of its messages; the text around it may be a secret and is left out. */
function placeOf(message: string, text: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) {
    const before = text.slice(0, Number(position));
    const line = before.split('\n').length;
    return ` at line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
  }
  return message.includes('end of JSON') ? ': it ends too early' : '';
}

const malformed = (message: string): HttpProblem =>
  wrongPart({ status: 400, code: 'MALFORMED_JSON', title: 'The body is not well-formed JSON', field: 'body', message });

function notJson(type: string | undefined): HttpProblem {
  const sent = type === undefined ? 'you sent none' : `you sent ${shown(type)}`;
  return unsupported('header Content-Type', `must be application/json (in UTF-8); ${sent}`);
}

function unsupported(field: string, message: string): HttpProblem {
  const headers = { accept: 'application/json', 'accept-encoding': 'identity' };
  const title = 'The body is not sent as JSON';
  return wrongPart({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', title, field, message, headers });
}

function unreadable(error: unknown, limitBytes: number): HttpProblem {
  const type = (error as { type?: unknown }).type;
  if (type === 'entity.too.large') {
    const message = `must be at most ${limitBytes} bytes (${Math.floor(limitBytes / 1024)} KB); send less at once`;
    return wrongPart({ status: 413, code: 'BODY_TOO_LARGE', title: 'The body is too large', field: 'body', message });
  }
  if (type === 'encoding.unsupported')
    return unsupported('header Content-Encoding', 'must be left out; send the body uncompressed');
  return malformed('did not arrive as announced: fewer or more bytes than Content-Length, or the connection broke');
}
