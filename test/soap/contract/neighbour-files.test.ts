// A contract whose schemas are files beside its WSDL.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { openSoapServer } from '../../../src/soap/server.ts';
import { wsdlAround } from './wsdl-around.ts';

const folder = mkdtempSync(join(tmpdir(), 'kkm-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"';

test('is loaded from its folder, and node-soap opens it too', async () => {
  const own =
    '<xs:include schemaLocation="часть.xsd"/><xs:element name="Op" type="t:Q"/><xs:element name="OpResponse" type="t:Q"/>';
  writeFileSync(join(folder, 'a.wsdl'), wsdlAround(`<xs:schema ${head}>${own}</xs:schema>`, 'urn:t', ['Op']));
  const write = (type: string) =>
    writeFileSync(
      join(folder, 'часть.xsd'),
      `<xs:schema ${head}><xs:complexType name="Q"><xs:attribute name="a"${type}/></xs:complexType></xs:schema>`,
    );
  write('');
  const contract = loadContract(folder);
  expect([...contract.model.types.keys()]).toEqual(['Q']);
  await expect(openSoapServer(contract, new Map())).resolves.toBeDefined();
  write(' type="xs:date1"');
  expect(() => loadContract(folder)).toThrow(`contract ${folder}: часть.xsd, line 1, column `);
});
