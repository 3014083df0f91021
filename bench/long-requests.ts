// Requests as long as the service takes them: of a till that was offline for long, and of strangers who look for the form that
// costs the most.
import { firstCardNumber, namespace, till } from './requests.ts';

export interface LongCall {
  readonly name: string;
  readonly contentType?: string;
  /** @param round repeats of a receipt are another road, so each round has its own. */
  readonly make: (round: number) => Buffer;
}

const soap = 'http://schemas.xmlsoap.org/soap/envelope/';

function wrap(operation: string, content: string, head = ''): string {
  return (
    `<s:Envelope xmlns:s="${soap}">${head}<s:Body><${operation} xmlns="${namespace}"` +
    ` xmlns:i="http://www.w3.org/2001/XMLSchema-instance">${content}</${operation}></s:Body></s:Envelope>`
  );
}

const line =
  '<Line><Number>1</Number><Code>1</Code><Name>Молоко</Name><Quantity>1</Quantity><Price>1</Price><Sum>1</Sum><Discount>0</Discount></Line>';

function writeReceipt(round: number, index: number, inside = line): string {
  const card = firstCardNumber + ((index * 7) % 9_999);
  return (
    `<Receipt><Kind>Sale</Kind><KKM>${till.kkm}</KKM><ShiftNumber>${round + 1}</ShiftNumber>` +
    `<ReceiptNumber>${index + 1}</ReceiptNumber><ReceiptDate>2026-11-22T10:11:12</ReceiptDate>` +
    `<CardNumber>${card}</CardNumber><Sum>100</Sum><SumWithDiscount>100</SumWithDiscount>` +
    `<BonusAccrued>1</BonusAccrued><BonusRedeemed>0</BonusRedeemed><Offline>true</Offline>${inside}</Receipt>`
  );
}

const upload = (receipts: string): string =>
  wrap('UploadReceipts', `<Upload><KKM>${till.kkm}</KKM>${receipts}</Upload>`);
const register = (inside: string): string => wrap('RegisterReceipt', writeReceipt(90, 1, inside));
const read = (number: string, more = ''): string =>
  wrap('GetCardInfo', `<Request><KKM>K</KKM><CardNumber>${number}</CardNumber>${more}</Request>`);

function fixed(name: string, write: () => string): LongCall {
  return { name, make: () => Buffer.from(write()) };
}

/** @param times receipts of an upload. */
export function listLongCalls(times: number, megabytes: number): readonly LongCall[] {
  const length = megabytes * 1024 ** 2;
  const fill = (piece: string): string => piece.repeat(Math.floor(length / Buffer.byteLength(piece)));
  const numbered = (write: (index: number) => string): string => {
    const pieces: string[] = [];
    for (let [size, index] = [0, 0]; size < length; index += 1) {
      const piece = write(index);
      pieces.push(piece);
      size += piece.length;
    }
    return pieces.join('');
  };
  const many = (round: number, receiptLines = line): string =>
    upload(Array.from({ length: times }, (_, index) => writeReceipt(round, index, receiptLines)).join(''));
  const attributes = Array.from({ length: 120 }, (_, index) => ` a${index}=""`).join('');
  return [
    { name: 'upload', make: (round) => Buffer.from(many(round)) },
    { name: 'upload, known', make: () => Buffer.from(many(0)) },
    { name: 'upload, bad sums', make: (round) => Buffer.from(many(50 + round).replaceAll('<Sum>100<', '<Sum>0.005<')) },
    {
      name: 'upload, careful',
      make: (round) =>
        Buffer.from(
          many(60 + round)
            .replaceAll('<Receipt>', '<Receipt a="">')
            .replaceAll('</KKM>', '</KKM >'),
        ),
    },
    {
      name: 'upload, UTF-16',
      contentType: 'text/xml; charset=utf-16le',
      make: (round) => Buffer.from(many(20 + round), 'utf16le'),
    },
    fixed('nil receipts', () => upload(fill('<Receipt i:nil="1"/>'))),
    fixed('receipts with attributes', () =>
      upload(numbered((index) => writeReceipt(70, index).replace('<Receipt>', `<Receipt${attributes}>`))),
    ),
    fixed('lines of one receipt', () => register(fill(line))),
    fixed('least lines of one receipt', () =>
      register(
        fill(
          '<Line><Number>1</Number><Code/><Name/><Quantity>1</Quantity><Price>1</Price><Sum>1</Sum><Discount>0</Discount></Line>',
        ),
      ),
    ),
    fixed('lines with empty tags', () => register(fill('<Line/>'))),
    fixed('blanks', () => upload(fill(' '))),
    fixed('comments', () => upload(fill('<!---->'))),
    fixed('comments in a text', () => read(fill('a<!---->'))),
    fixed('instructions', () => upload(fill('<?a?>'))),
    fixed('CDATA', () => read(fill('<![CDATA[]]>'))),
    fixed('CDATA with a letter', () => read(fill('<![CDATA[a]]>'))),
    fixed('one text', () => read(fill('a'))),
    fixed('one text in Russian', () => read(fill('ж'))),
    fixed('entities', () => read(fill('&amp;'))),
    fixed('references', () => read(fill('&#9;'))),
    fixed('carriage returns', () => read(fill('\r'))),
    fixed('surrogates', () => read(fill('😀'))),
    fixed('digits of a sum', () => register('').replace('<Sum>100<', `<Sum>${fill('9')}<`)),
    fixed('blanks round a sum', () => register('').replace('<Sum>100<', `<Sum>${fill(' ')}1<`)),
    fixed('zeros of a sum', () => register('').replace('<Sum>100<', `<Sum>${fill('0')}1<`)),
    fixed('fraction of a date', () => register('').replace('10:11:12<', `10:11:12.${fill('0')}<`)),
    fixed('header elements', () => wrap('Ping', '', `<s:Header><a>${fill('<b/>')}</a></s:Header>`)),
    fixed('header text', () => wrap('Ping', '', `<s:Header><a>${fill('b')}</a></s:Header>`)),
    fixed('depth', () => wrap('Ping', '', `<s:Header>${fill('<a>')}</s:Header>`)),
    fixed('attribute value', () => wrap('Ping', '', `<s:Header><a b="${fill('&lt;')}"/></s:Header>`)),
    fixed('tabs of an attribute', () => wrap('Ping', '', `<s:Header><a b="${fill('\t')}"/></s:Header>`)),
    fixed('long name', () => wrap('Ping', '', `<s:Header><${fill('a')}/></s:Header>`)),
    fixed('lines before a mistake', () => `${fill('\n')}<a`),
    fixed('long comment', () => wrap('Ping', '', `<!--${fill('a')}-->`)),
    { name: 'windows-1251', contentType: 'text/xml; charset=windows-1251', make: () => Buffer.from(read(fill('a'))) },
    { name: 'zeros', make: () => Buffer.alloc(length) },
  ];
}
