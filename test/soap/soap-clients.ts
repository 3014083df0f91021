// Two SOAP clients of other makers, node-soap's and strong-soap's, given nothing but the address of a WSDL. What is common to
// the two is an operation called by its name with the wrapper's content.
import { BasicAuthSecurity, createClientAsync } from 'soap';
import { basic, till } from './testing-service.ts';

export type Wrapper = { readonly [name: string]: unknown };

/** The reply as the client understood it, by the names of the response, and the envelope that it was read from. */
interface Told {
  readonly result: Readonly<Record<string, unknown>>;
  readonly envelope: string;
}

export type CallOperation = (operation: string, wrapper: Wrapper) => Promise<Told>;

/** @param service its name in the WSDL. */
type Connect = (wsdlUrl: string, version: '1.1' | '1.2', service: string) => Promise<CallOperation>;

/** A header of HTTP takes no letter that is not Latin, and these clients fail on one: the body says what is called (C3). */
function hasPlainAction(service: string): boolean {
  return /^[\x20-\x7e]*$/.test(service);
}

type Done<T> = (reason: Error | null, ...told: T[]) => void;
type NodeSoapMethod = (
  wrapper: Wrapper,
  done: (reason: unknown, result: Told['result'], envelope: string) => void,
) => void;

async function connectNodeSoap(...[wsdlUrl, version, service]: Parameters<Connect>): Promise<CallOperation> {
  const client = await createClientAsync(wsdlUrl, {
    wsdl_headers: { Authorization: basic(till) },
    forceSoap12Headers: version === '1.2',
  });
  client.setSecurity(new BasicAuthSecurity(till.name, till.password));
  if (!hasPlainAction(service)) client.setSOAPAction('any');
  const methods = client as unknown as Readonly<Record<string, NodeSoapMethod>>;
  return (operation, wrapper) =>
    new Promise((resolve, reject) => {
      // It makes no method with a promise for a name in other letters.
      methods[operation]!.call(client, wrapper, (reason, result, envelope) => {
        if (reason === null || reason === undefined) resolve({ result, envelope });
        else reject(reason);
      });
    });
}

type StrongMethod = (wrapper: Wrapper) => Promise<Told>;
interface StrongSoap {
  readonly soap: {
    readonly createClient: (url: string, options: object, done: Done<unknown>) => void;
    readonly BasicAuthSecurity: new (name: string, password: string) => object;
  };
}
interface StrongClient {
  readonly setSecurity: (security: object) => void;
  readonly setSOAPAction: (action: string) => void;
  readonly [service: string]: unknown;
}

async function connectStrongSoap(...[wsdlUrl, version, service]: Parameters<Connect>): Promise<CallOperation> {
  // It has no types, and looks for its parts by `require`.
  const { soap } = jest.requireActual<StrongSoap>('strong-soap');
  const headers = { Authorization: basic(till) };
  const client = await new Promise<StrongClient>((resolve, reject) => {
    soap.createClient(wsdlUrl, { wsdl_headers: headers, wsdl_options: { headers } }, (reason, made) => {
      if (reason === null || reason === undefined) resolve(made as StrongClient);
      else reject(reason);
    });
  });
  client.setSecurity(new soap.BasicAuthSecurity(till.name, till.password));
  if (!hasPlainAction(service)) client.setSOAPAction('any');
  const ports = client[service] as Readonly<Record<string, Readonly<Record<string, StrongMethod>>>>;
  const port = ports[`${service}${version === '1.1' ? 'Soap' : 'Soap12'}`]!;
  return (operation, wrapper) => port[operation]!(wrapper);
}

export const connectors = { 'node-soap': connectNodeSoap, 'strong-soap': connectStrongSoap } as const;
export const clientMakers = ['node-soap', 'strong-soap'] as const;
