// Words of which names in contracts are made, Russian and English, by what they mean. The first word of a line is the
// meaning; a word of another line is never its synonym. Endings do not count: "карта" is also "карты" and "картой".

const lines = `
card: карта карточка дк пластик
certificate: сертификат gift подарочный
receipt: чек check cheque chek slip квитанция
node: узел узла
training: учебный тренировочный тестовый test demo
till: kkm ккм касса кассовый pos терминал terminal регистратор фр workstation
shop: магазин store подразделение department торговый outlet склад организация
cashier: кассир seller продавец employee сотрудник
shift: смена session
operation: операция transaction транзакция oper движение movement
document: документ doc регистраторы
request: запрос query req
package: пакет portion порция
sync: синхронизация exchange обмен
service: сервис служба server модуль
bonus: бонус балл point score
accumulation: collected накопление накоплено накопительный turnover оборот cumulative накопленный
discount: скидка дисконт дисконтный
percent: процент rate проц ставка
sum: сумма amount summ
total: итого всего
balance: остаток остатка остатки сальдо rest remain remainder
number: номер num no nbr ном
code: код штрихкод barcode
id: identifier идентификатор ид guid uuid гуид uid ключ key
surname: фамилия lastname familyname
name: наименование имя название title наим
kind: вид тип type view
status: статус state состояние
date: дата day at день
time: время hour
moment: datetime timestamp датавремя момент
count: количество кол qty quantity колво число
price: цена cost
good: товар goods item product номенклатура артикул sku
line: строка row position позиция
text: текст
message: сообщение msg say
comment: комментарий note примечание описание description descr
reason: причина cause основаниеотмены
result: результат итог return ответ answer response reply итогоперации
error: ошибка err failure fault
done: успех success ok выполнено успешно
duplicate: повтор repeat дубль повторно
available: доступно доступный avail свободно
pending: ожидает ожидание отложено future будущий неактивный ожидаемый
expire: сгорает сгорит сгорание expiring burn burning expiry expiration истекает действителен
maximum: более максимум предел макс максимальный max предельный допустимый
accrue: added начислено начисление начислить accrual accrued earn earned начисляемый начисляется начислять
redeem: paid списано списание списать redeemed spent spend погасить погашение write оплачено оплатить оплата payment pay списываемый
delta: изменение change прирост diff
original: исходный основание source первоначальный base
offline: автономно автономный оффлайн
fn: фн накопитель
fd: фд
fp: фп фпд признак
input: ввод вводить
method: способ метод mode режим
holder: держатель owner владелец client клиент фио fio покупатель customer
nominal: номинал face
valid: действует действие годен срок until
version: версия ver ревизия revision
full: полный whole полностью complete
last: последний known prev previous предыдущий
stage: этап стадия
billing: биллинг
subscription: подписка
enabled: включен включено active активен on
start: начало begin starting started
end: конец finish окончание
limit: лимит top
after: после
before: до
accepted: принято taken accept учтено принятый
linked: связано сопоставлено link привязано объединено
rejected: отклонено refused reject отказано отвергнуто
sale: покупка purchase продажа sell продать sold приход
refund: возврат
void: сторно
get: получить узнать read прочитать дать запросить find найти show query проверить проверка взять
info: инфо информация data данные сведения details
reserve: отложить резерв зарезервировать hold резервирование lock заблокировать блокировка
release: вернуть освободить снять unlock free разблокировать unreserve unhold снятие освобождение
registration: register зарегистрировать провести записать post record отправить send передать добавить add save регистрация проведение запись
cancel: отменить отмена аннулировать отмены
upload: выгрузить загрузить load batch отчет report выгрузка загрузка пачка
history: история list список
confirm: подтвердить ack подтверждение acknowledge
ping: соединение пинг связь echo alive связи
activate: активировать активация
with: со
without: без
to:
from: от since
period: период interval
value: значение
own: свой
`;

/** Each meaning with its words. */
export const meanings: ReadonlyMap<string, readonly string[]> = new Map(
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [meaning = '', words = ''] = line.split(':');
      return [meaning, [meaning, ...words.split(' ').filter((word) => word !== '')]] as const;
    }),
);

/** Words that say nothing in a name. */
export const silentWords: ReadonlySet<string> = new Set(
  'of the a an for in on off by is has о об в во на для при и у из к за по штрих and'.split(' '),
);

/** Meanings that may be in a name or not, and change little. */
export const lightMeanings: ReadonlyMap<string, number> = new Map([
  ['info', 0.4],
  ['value', 0.3],
  ['own', 0.3],
  ['get', 0.6],
]);
