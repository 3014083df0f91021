// Any schema out of everything that a contract may have, and any value of it: what is written is read back the same, and a
// validator of another maker (libxml2) finds it valid. A failure prints its seed.
import * as fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { parseModel } from '../../../src/soap/contract/model.ts';
import { compileReader } from '../../../src/soap/contract/reader.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { Dice, SchemaMaker, serviceNamespace } from './random-schema.ts';
import { ValueMaker } from './random-value.ts';
import { wsdlAround } from './wsdl-around.ts';
import { compileTextWriter } from './text-writer.ts';

const operation = 'Обменять';
const lineEnds = ['\r\n', '\n'] as const;

/** A smaller schema is another schema: searching for one takes minutes and finds other faults. */
const unshrunk = { endOnFailure: true };

function makeSchemas(dice: Dice) {
  const schemas = new SchemaMaker(dice).make();
  const inline = schemas.service.replace(' schemaLocation="package.xsd"', '');
  const model = parseModel(wsdlAround(inline + schemas.package, serviceNamespace, [operation]), 'random');
  return { schemas, model };
}

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const dice = new Dice(draw);
      const { model } = makeSchemas(dice);
      const [write, read] = [compileTextWriter(model), compileReader(model)];
      const values = new ValueMaker(dice);
      for (let left = 5; left > 0; left -= 1) {
        const value = values.tree(model.operations[0]!.response.type);
        const xml = write(operation, dice.pick(['1.1', '1.2']), value, dice.pick(lineEnds));
        const call = read(xml.replaceAll(`m:${operation}Response`, `m:${operation}`));
        expectSame(JSON.parse(JSON.stringify(call.arguments)), JSON.parse(JSON.stringify(value)));
      }
    }),
    { numRuns: 150 * depth, seed: fileSeed, ...unshrunk },
  );
});

const junk = [
  '',
  '<',
  '/>',
  '</',
  '&',
  '&#1;',
  '"',
  ' ',
  ':',
  'm:',
  'xsi:nil="1"',
  ' xmlns="a"',
  ' xsi:type="d4p1:a"',
  '<![CDATA[',
  '<!--',
  ']]>',
  '<?a?>',
];

test('whatever is done to a request of any schema, it is read or refused', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const dice = new Dice(draw);
      const { model } = makeSchemas(dice);
      const read = compileReader(model);
      const value = new ValueMaker(dice).tree(model.operations[0]!.response.type);
      const request = compileTextWriter(model)(operation, '1.1', value, '\n').replaceAll(
        `m:${operation}Response`,
        `m:${operation}`,
      );
      for (let left = 20; left > 0; left -= 1) {
        const at = dice.upTo(request.length);
        const xml = request.slice(0, at) + dice.pick(junk) + request.slice(at + dice.upTo(5));
        try {
          read(xml);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableRequest);
        }
      }
    }),
    { numRuns: 50 * depth, seed: fileSeed, ...unshrunk },
  );
});

/** The wrapper alone, which declares all that it uses. */
function cutWrapper(xml: string): string {
  return xml.slice(xml.indexOf(`<m:${operation}Response`), xml.lastIndexOf('\t</soap:Body>'));
}

test('what is written is valid by libxml2', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const dice = new Dice(draw);
      const { schemas, model } = makeSchemas(dice);
      const write = compileTextWriter(model);
      const values = new ValueMaker(dice);
      const documents = Array.from({ length: 10 }, (_, index) => {
        const value: WireTree = values.tree(model.operations[0]!.response.type);
        return { fileName: `${index}.xml`, contents: cutWrapper(write(operation, '1.1', value, '\n')) };
      });
      const { errors } = await validateXML({
        xml: documents,
        schema: { fileName: 'service.xsd', contents: schemas.service },
        preload: { fileName: 'package.xsd', contents: schemas.package },
      });
      expectSame(
        errors.map(({ rawMessage }) => rawMessage),
        [],
      );
    }),
    { numRuns: 12 * depth, seed: fileSeed, ...unshrunk },
  );
});
