import { setting } from '@troupe/chassis';
import { otherPorts, serviceDocs, serviceNames, servicePorts } from '@troupe/services';

/** A service whose pages are asked. */
export interface AskedService {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly doc: string;
  /** Without a slash at its end. */
  readonly url: string;
}

/** The outside, which is looked at so that its absence has a name. */
export interface AskedPartner {
  readonly name: string;
  /** The service that calls it. */
  readonly of: string;
  readonly url: string;
}

/** The names of settings: `orderUrl` is ORDER_URL. */
const settingOf = (name: string): string => `${name}Url`;

const partners = [
  { name: 'provider', of: 'payment' },
  { name: 'carrier', of: 'shipping' },
  { name: 'mailbox', of: 'notification' },
] as const;

const urlOf = (name: string, port: number) =>
  setting
    .url({ is: `where ${name} answers`, schemes: ['http', 'https'], example: `http://127.0.0.1:${port}` })
    .default(`http://127.0.0.1:${port}`);

/** `<SERVICE>_URL` of every service that there is, and of the outside. A new service has its setting by itself. */
export const addressSettings = Object.fromEntries([
  ...serviceNames.map((name) => [settingOf(name), urlOf(name, servicePorts[name])]),
  ...partners.map(({ name }) => [settingOf(name), urlOf(`the sandbox ${name}`, otherPorts[name])]),
]);

type Addresses = Readonly<Record<string, unknown>>;

export const askedServices = (config: Addresses): readonly AskedService[] =>
  serviceNames.map((name) => ({ name, doc: serviceDocs[name], url: String(config[settingOf(name)]) }));

export const askedPartners = (config: Addresses): readonly AskedPartner[] =>
  partners.map(({ name, of }) => ({ name, of, url: String(config[settingOf(name)]) }));
