import type { Duplex } from 'node:stream';
import { HttpProblem, problemAnswer } from '../answer/problem.ts';

/** Answers what Node could not read as a request, with problem details that name neither path nor trace. */
export function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = problemAnswer(problemOf(error.code), { instance: '', traceId: '0'.repeat(32) });
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function problemOf(code: string | undefined): HttpProblem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HttpProblem({
      status: 408,
      code: 'REQUEST_TOO_SLOW',
      title: 'The request did not arrive in time',
      detail: 'Send the request again, headers and body without a pause.',
    });
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpProblem({
      status: 431,
      code: 'HEADERS_TOO_LARGE',
      title: 'The headers are too large',
      detail: 'Send fewer or shorter headers; a shorter path helps as well.',
    });
  }
  return new HttpProblem({
    status: 400,
    code: 'MALFORMED_HTTP',
    title: 'The request is not well-formed HTTP',
    detail: 'Send an HTTP/1.1 request with a Host header.',
  });
}
