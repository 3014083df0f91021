// Certificates made for a test: no key lies in the repository.
import { generate } from 'selfsigned';

export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface MakeOptions {
  /** Who signs it; without one it signs itself. */
  readonly ca?: MadeCertificate;
  readonly isCa?: boolean;
  readonly from?: Date;
  readonly until?: Date;
}

const day = 86_400_000;

export async function makeCertificate(name: string, options: MakeOptions = {}): Promise<MadeCertificate> {
  const { ca, isCa = false, from, until } = options;
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: from ?? new Date(Date.now() - day),
    notAfterDate: until ?? new Date(Date.now() + 90 * day),
    extensions: [
      { name: 'basicConstraints', cA: isCa, critical: true },
      {
        name: 'keyUsage',
        digitalSignature: true,
        ...(isCa ? { keyCertSign: true } : {}),
      },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
    ...(ca === undefined ? {} : { ca }),
  });
  return { cert: made.cert, key: made.private };
}
