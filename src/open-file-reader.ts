// The reader of shift files of an infobase: by the names of its contract, where these are of use in a file.
import { join } from 'node:path';
import type { ShiftFileReader } from './operations/exchange/shift-file.ts';
import { packageRoot } from './paths.ts';
import { loadContractFolder, type LoadedContract } from './soap/load-contract-folder.ts';
import { openShiftFileReader } from './soap/shift-file-reader.ts';

/** Its names are those that docs/exchange.md describes. */
const ownContract = join(packageRoot, 'wsdl', 'default');

/**
 * A contract whose upload is an XML document in a string, or whose receipts have a date and a time apart, has no names for
 * columns and keys of a file: then files have the names of the product's own contract.
 */
export function openFileReader({ contract, binding }: LoadedContract): ShiftFileReader {
  const reader = openShiftFileReader(contract, binding);
  if (reader !== undefined) return reader;
  const own = loadContractFolder(ownContract);
  const ownReader = openShiftFileReader(own.contract, own.binding);
  if (ownReader === undefined)
    throw new Error(`the contract ${ownContract} has no operation that takes receipts of a file`);
  return ownReader;
}
