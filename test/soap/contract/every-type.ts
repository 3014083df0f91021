// A contract made up to hold every type and every kind of place, for what the served one does not have.
import { readFileSync } from 'node:fs';
import { parseModel } from '../../../src/soap/contract/model.ts';
import { formWsdl, parseTable } from './wsdl-form.ts';

export const everyTypeWsdl = formWsdl(parseTable(readFileSync('fixtures/soap-contract/every-type.txt', 'utf8')), '\n');
export const everyTypeModel = parseModel(everyTypeWsdl, 'every-type');
