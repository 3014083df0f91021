// The two supported versions of SOAP, which only the namespace of the envelope distinguishes; and the namespaces of XML
// Schema that every message may use.
export type SoapVersion = '1.1' | '1.2';

export const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

export const schemaNamespace = 'http://www.w3.org/2001/XMLSchema';
export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
