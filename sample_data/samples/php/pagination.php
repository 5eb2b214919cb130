<?php

declare(strict_types=1);

final readonly class Page
{
    /** @param list<array<string, mixed>> $rows */
    public function __construct(public array $rows, public ?string $next)
    {
    }
}

/** Pages by key instead of by offset: the cost does not grow with the depth. */
function fetchPage(PDO $db, ?string $cursor, int $size = 20): Page
{
    [$created, $id] = decodeCursor($cursor);
    $statement = $db->prepare(
        'select id, title, created from articles
         where (created, id) < (:created, :id)
         order by created desc, id desc
         limit :size'
    );
    $statement->bindValue('created', $created);
    $statement->bindValue('id', $id, PDO::PARAM_INT);
    $statement->bindValue('size', $size + 1, PDO::PARAM_INT);
    $statement->execute();
    $rows = $statement->fetchAll(PDO::FETCH_ASSOC);
    if (count($rows) <= $size) {
        return new Page($rows, null);
    }
    array_pop($rows);
    $last = $rows[array_key_last($rows)];
    return new Page($rows, base64_encode(json_encode([$last['created'], $last['id']])));
}

/** @return array{string, int} */
function decodeCursor(?string $cursor): array
{
    if ($cursor === null) {
        return ['9999-12-31 23:59:59', PHP_INT_MAX];
    }
    $decoded = json_decode(base64_decode($cursor, true) ?: 'null', true);
    if (!is_array($decoded) || count($decoded) !== 2) {
        throw new InvalidArgumentException('The cursor is damaged.');
    }
    return [(string) $decoded[0], (int) $decoded[1]];
}
