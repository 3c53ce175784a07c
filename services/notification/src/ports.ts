import { type CallContext, type Port, Refused, Retryable } from '@troupe/chassis';
import { createTransport, type Transporter } from 'nodemailer';
import { Send, type SendOutcome, type SendRequest } from './notification.ts';

export interface MailSettings {
  /** `smtp://user:password@host:port`; `smtps://` for TLS from the start. */
  readonly smtpUrl: string;
  readonly mailFrom: string;
}

/** A connection on which the server is silent for this long is closed, so that the pool gets it back. */
const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** More than nodemailer's hundred: a new greeting costs as much as a few messages. */
const POOL = { maxConnections: 10, maxMessages: 10_000 };

/**
 * Sends over SMTP, on connections that stay open. Mail is sent at least once: when the server's answer is lost, the message
 * is sent again with the same Message-ID, by which mail programs drop the second.
 *
 * Throws Retryable when there was no answer, when the server asks for another try (4xx), and when it refuses us rather
 * than this message (greeting, login): somebody has to mend that, and then the message is sent.
 */
export function smtp({ smtpUrl, mailFrom }: MailSettings): Port<SendRequest, SendOutcome> {
  const server = createTransport({ url: smtpUrl, pool: true, ...POOL, ...PATIENCE });
  return {
    call: Send,
    perform: (request, context) => send(server, outgoing(request, mailFrom, context)),
    refused: ({ detail }) => ({ kind: 'refused', reply: detail }),
    byHand: {
      lookFirst:
        'Look into the log of the mail server first: though nobody has answered, the message may be sent. It becomes FAILED here, and is not sent again.',
      outcome: (words) => ({ kind: 'refused', reply: words }),
    },
  };
}

/**
 * The mail as nodemailer composes and sends it. No value in it can end its header line. A repeat has the same Message-ID.
 */
export function outgoing(request: SendRequest, from: string, { headers, signal }: CallContext) {
  const { notificationId, orderId, recipient: to, subject, text } = request;
  return {
    from,
    to,
    subject,
    text,
    messageId: `<${notificationId}@troupe.example>`,
    // RFC 3834: no out-of-office answers, please.
    headers: { ...headers, 'X-Order-Id': orderId, 'Auto-Submitted': 'auto-generated' },
    signal,
  };
}

async function send(server: Transporter, mail: ReturnType<typeof outgoing>): Promise<SendOutcome | Refused> {
  try {
    const { response } = await server.sendMail(mail);
    return { kind: 'accepted', reply: response ?? '' };
  } catch (error) {
    const fault = error as SmtpFault;
    if (isRefusal(fault)) return refusalOf(fault);
    throw new Retryable('SMTP_NO_ANSWER', `The mail server did not take the message: ${fault.message}`, {
      cause: error,
    });
  }
}

/** What nodemailer adds to an error. */
interface SmtpFault extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

function refusalOf({ code = 'ENONE', responseCode, response, message }: SmtpFault): Refused {
  const detail = response ?? message;
  return responseCode === undefined
    ? new Refused({ code, detail })
    : new Refused({ code, detail, status: responseCode });
}

/**
 * The server will never take this message: it refused envelope or content for good (5xx), or the message is malformed and
 * was not sent. A reply without a code says nothing, because the server may have taken the message.
 */
function isRefusal({ code, response, responseCode = response === undefined ? 500 : 0 }: SmtpFault): boolean {
  const isPermanent = responseCode >= 500 && responseCode < 600 && !ABOUT_US.has(responseCode);
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && isPermanent;
}

/** RFC 4954: the server wants a login, or another one. */
const ABOUT_US: ReadonlySet<number> = new Set([530, 534, 535, 538]);
