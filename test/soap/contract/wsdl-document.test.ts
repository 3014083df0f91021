// The WSDL served differs from the file in the address of its ports, and in line ends where that is asked for.
import { readFileSync } from 'node:fs';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { compileWsdlDocument } from '../../../src/soap/contract/wsdl-document.ts';

const contract = loadContract('wsdl/default');
const file = readFileSync('wsdl/default/KKMTransfer.wsdl', 'utf8');
const address = 'http://127.0.0.1:8080/trade/ws/KKMTransfer.1cws';

test('by its own address it is the file', () => {
  expect(contract.wsdlText).toBe(file);
  expect(contract.wsdlAt(address, '\r\n')).toBe(file);
});

test('both ports get the address asked for, and nothing else changes', () => {
  const other = 'https://касса.example:8443/база/ws/KKMTransfer';
  const served = contract.wsdlAt(other, '\r\n');
  expect(served.split(`location="${other}"`)).toHaveLength(3);
  expect(served.replaceAll(other, address)).toBe(file);
});

test('line ends are LF where asked for', () => {
  expect(contract.wsdlAt(address, '\n')).toBe(file.replaceAll('\r\n', '\n'));
});

test('a captured file with LF keeps it', () => {
  const text = readFileSync('fixtures/wsdl/sample-1c.wsdl', 'utf8');
  const own = 'http://127.0.0.1:18471/base/ws/KKMTransfer.1cws';
  expect(compileWsdlDocument(text)(own, '\r\n')).toBe(text);
});

test('an address cannot break out of its attribute', () => {
  const served = contract.wsdlAt('http://a/"><b c="&\u0000\r\n$1$&', '\n');
  expect(served).toContain('location="http://a/&quot;&gt;&lt;b c=&quot;&amp;&#xD;&#xA;$1$&amp;"/>');
});

test('addresses in single quotes, with blanks, under any prefix', () => {
  const text = "<a><x:address b='c'\n location = 'd'/><address location=\"\"/></a>";
  expect(compileWsdlDocument(text)('e', '\n')).toBe(
    "<a><x:address b='c'\n location = 'e'/><address location=\"e\"/></a>",
  );
  expect(() => compileWsdlDocument('<a location="b"/>')).toThrow('address');
});
