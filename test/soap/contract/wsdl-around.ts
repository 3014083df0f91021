// A WSDL around schemas, as 1C writes it: for each operation a request element of its name, and one with Response after it.

const soap = 'http://schemas.xmlsoap.org/wsdl/soap/';
const body = `<s:body xmlns:s="${soap}" use="literal"/>`;

/** @param operations names; their elements are in `namespace`. */
export function wsdlAround(schemas: string, namespace: string, operations: readonly string[]): string {
  const messages = operations.flatMap((name) => [
    `<message name="${name}RequestMessage"><part name="parameters" element="tns:${name}"/></message>`,
    `<message name="${name}ResponseMessage"><part name="parameters" element="tns:${name}Response"/></message>`,
  ]);
  const rows = operations.map(
    (name) =>
      `<operation name="${name}"><input message="tns:${name}RequestMessage"/><output message="tns:${name}ResponseMessage"/></operation>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="${namespace}" name="S" targetNamespace="${namespace}">`,
    `<types>`,
    schemas,
    `</types>`,
    ...messages,
    `<portType name="P">${rows.join('')}</portType>`,
    `<binding name="B" type="tns:P"><s:binding xmlns:s="${soap}" style="document" transport="http://schemas.xmlsoap.org/soap/http"/>`,
    ...operations.map(
      (name) =>
        `<operation name="${name}"><s:operation xmlns:s="${soap}" soapAction="${name}"/><input>${body}</input><output>${body}</output></operation>`,
    ),
    '</binding>',
    '<service name="S"><port name="SSoap" binding="tns:B"><address xmlns="http://schemas.xmlsoap.org/wsdl/soap/" location="http://127.0.0.1/"/></port></service>',
    '</definitions>',
  ].join('\n');
}
