<?php
// PHP's SoapServer with SQLite through PDO, run by PHP's own web server: prepared statements, synchronous=NORMAL, a
// transaction per receipt. The connection to the database and the parsed WSDL outlive a request, as in a pool of workers.

final class KkmTransfer
{
    private array $statements = [];

    public function __construct(private readonly PDO $db)
    {
    }

    private function query(string $sql, array $values): PDOStatement
    {
        $statement = $this->statements[$sql] ??= $this->db->prepare($sql);
        $statement->execute($values);
        return $statement;
    }

    private function findCard(string $number): ?array
    {
        $statement = $this->query(
            'select card.id, card.number, card.holder, card.status, card_kind.name kind, card_kind.discount,
                card_kind.max_redeem_percent_hundredths max_redeem, card_kind.accrual_percent_hundredths accrual,
                balance.bonus, balance.accumulation, balance.receipts
              from card join card_kind on card_kind.code = card.kind_code
              left join accumulation_balance balance on balance.card_id = card.id where card.number = ?',
            [$number],
        );
        $row = $statement->fetch(PDO::FETCH_ASSOC);
        $statement->closeCursor();
        return $row === false ? null : $row;
    }

    private function sumHolds(int $cardId): int
    {
        $statement = $this->query(
            "select coalesce(sum(amount), 0) from hold where card_id = ? and state = 'active' and expires_at > ?",
            [$cardId, date('Y-m-d\TH:i:s')],
        );
        $held = $statement->fetchColumn();
        $statement->closeCursor();
        return $held;
    }

    private static function findDiscount(array $card): int
    {
        $best = 0;
        foreach (json_decode($card['discount'], true)['steps'] as $step) {
            $isReached = $card['accumulation'] >= $step['accumulationKopecks'] && $card['receipts'] >= $step['receipts'];
            if ($isReached) {
                $best = max($best, $step['percentHundredths']);
            }
        }
        return $best;
    }

    public function GetCardInfo(object $call): array
    {
        $card = $this->findCard($call->Request->CardNumber);
        if ($card === null) {
            return ['return' => ['ResultCode' => 1, 'ResultText' => 'Карта не найдена']];
        }
        return ['return' => [
            'ResultCode' => 0,
            'ResultText' => 'Выполнено.',
            'CardNumber' => $card['number'],
            'CardKind' => $card['kind'],
            'Holder' => $card['holder'],
            'Status' => $card['status'],
            'BonusBalance' => $card['bonus'] / 100,
            'BonusAvailable' => ($card['bonus'] - $this->sumHolds($card['id'])) / 100,
            'BonusPending' => 0,
            'AccumulationSum' => $card['accumulation'] / 100,
            'ReceiptCount' => $card['receipts'],
            'DiscountPercent' => self::findDiscount($card) / 100,
            'MaxRedeemPercent' => $card['max_redeem'] / 100,
            'AccrualPercent' => $card['accrual'] / 100,
            'ExpiringBonus' => 0,
        ]];
    }

    public function RegisterReceipt(object $call): array
    {
        $this->db->exec('begin immediate');
        $reply = $this->post($call->Receipt);
        $this->db->exec('commit');
        return ['return' => $reply];
    }

    private function post(object $receipt): array
    {
        $card = $this->findCard($receipt->CardNumber);
        $kopecks = static fn (string $rubles): int => (int) round((float) $rubles * 100);
        $day = substr($receipt->ReceiptDate, 0, 10);
        $key = [$receipt->KKM, $receipt->ShiftNumber, $receipt->ReceiptNumber, $day, $receipt->Kind];
        $byKey = 'kkm = ? and shift_number = ? and receipt_number = ? and receipt_on = ? and kind = ?';
        $statement = $this->query(
            "select id from receipt where operation_id = ? union all select id from receipt where $byKey
              union all select id from receipt_cancel where $byKey",
            [$receipt->OperationId, ...$key, ...$key],
        );
        $known = $statement->fetchColumn();
        $statement->closeCursor();
        if ($known !== false || $card === null) {
            return ['ResultCode' => 6, 'ResultText' => 'Чек известен или нет карты', 'OperationId' => '', 'Duplicate' => true];
        }
        [$withDiscount, $accrued] = [$kopecks($receipt->SumWithDiscount), $kopecks($receipt->BonusAccrued)];
        $redeemed = $kopecks($receipt->BonusRedeemed);
        $this->query(
            "insert into receipt (operation_id, kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id,
                sum, sum_with_discount, bonus_accrued, bonus_redeemed, offline, cashier, lines, road, state, flags)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'online', 'posted', '')",
            [
                $receipt->OperationId, $receipt->Kind, $receipt->KKM, $receipt->ShiftNumber, $receipt->ReceiptNumber,
                $day, $receipt->ReceiptDate, $card['id'], $kopecks($receipt->Sum), $withDiscount, $accrued, $redeemed,
                (int) $receipt->Offline, $receipt->Cashier, json_encode($receipt->Line, JSON_UNESCAPED_UNICODE),
            ],
        );
        $receiptId = (int) $this->db->lastInsertId();
        $statement = $this->query(
            'insert into accumulation_balance (card_id, bonus, accumulation, receipts) values (?, ?, ?, 1)
              on conflict (card_id) do update set bonus = bonus + excluded.bonus,
                accumulation = accumulation + excluded.accumulation, receipts = receipts + excluded.receipts
              returning bonus, accumulation, receipts',
            [$card['id'], $accrued - $redeemed, $withDiscount],
        );
        $after = $statement->fetch(PDO::FETCH_ASSOC);
        $statement->closeCursor();
        $stored = json_encode([$receipt->OperationId, ...array_values($after)]);
        $this->query(
            "insert into document (kind, dated_at, recorded_at, receipt_id, reply) values ('KkmOperation', ?, ?, ?, ?)",
            [$receipt->ReceiptDate, date('Y-m-d\TH:i:s'), $receiptId, $stored],
        );
        $documentId = (int) $this->db->lastInsertId();
        $this->query(
            'insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after)
              values (?, ?, ?, ?, 1, ?)',
            [$documentId, $card['id'], $accrued - $redeemed, $withDiscount, $after['bonus']],
        );
        return [
            'ResultCode' => 0,
            'ResultText' => 'Выполнено.',
            'OperationId' => $receipt->OperationId,
            'Duplicate' => false,
            'Document' => sprintf('Операция ККМ %09d от %s', $documentId, $receipt->ReceiptDate),
            'BonusBalance' => $after['bonus'] / 100,
            'BonusAvailable' => $after['bonus'] / 100,
            'AccumulationSum' => $after['accumulation'] / 100,
            'ReceiptCount' => $after['receipts'],
        ];
    }
}

if (($_SERVER['HTTP_AUTHORIZATION'] ?? '') !== getenv('BENCH_AUTHORIZATION')) {
    http_response_code(401);
    return;
}
$db = new PDO('sqlite:' . getenv('BENCH_DATABASE'), options: [
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::ATTR_PERSISTENT => true,
]);
foreach (['journal_mode = WAL', 'synchronous = NORMAL', 'foreign_keys = ON'] as $pragma) {
    $db->exec("pragma $pragma");
}
$soap = new SoapServer(getenv('BENCH_WSDL'), [
    'cache_wsdl' => WSDL_CACHE_MEMORY,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$soap->setObject(new KkmTransfer($db));
$soap->handle();
