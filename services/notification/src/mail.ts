/** A mail in plain text. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** Lines separated by \n. */
  readonly text: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a line, RFC 5322 section 2.1.1. */
const LONGEST_LINE = 998;
const PLAIN = /^[\t\x20-\x7e]*$/;
/** Bytes in an encoded word, so that it has at most 75 characters (RFC 2047). */
const WORD_BYTES = 45;

/**
 * The bytes of a mail (RFC 5322, 2045, 2047). Written here because nodemailer's composer, made for attachments, takes as
 * much CPU as everything else that is done for a mail.
 *
 * No value, wherever it comes from, can end its header line.
 */
export function rawMail({ from, to, subject, text, messageId, headers }: Mail, now = new Date()): string {
  const isPlain = text.split('\n').every((line) => PLAIN.test(line) && line.length <= LONGEST_LINE);
  const fields = {
    From: mailbox(from),
    To: line(to),
    Subject: words(subject),
    'Message-ID': line(messageId),
    Date: now.toUTCString().replace('GMT', '+0000'),
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': isPlain ? '7bit' : 'base64',
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, line(value)])),
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${head.join('')}\r\n${isPlain ? text.replaceAll('\n', '\r\n') : base64(text.replaceAll('\n', '\r\n'))}\r\n`;
}

/** `orders@troupe.example` of `Troupe <orders@troupe.example>`. */
export function addressIn(mailbox: string): string {
  return /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
}

function mailbox(text: string): string {
  const [, name, address] = /^(.*\S)\s*<([^<>]*)>\s*$/.exec(text) ?? [];
  return name === undefined || PLAIN.test(name) ? line(text) : `${words(name)} <${line(address ?? '')}>`;
}

const line = (value: string): string => value.replace(/[^\t\x20-\x7e]/g, ' ');

function words(text: string): string {
  if (PLAIN.test(text)) return text;
  const parts: string[] = [''];
  for (const character of text) {
    if (Buffer.byteLength(`${parts.at(-1)}${character}`) > WORD_BYTES) parts.push('');
    parts.push(`${parts.pop()}${character}`);
  }
  return parts.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

const base64 = (text: string): string =>
  Buffer.from(text)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n');
