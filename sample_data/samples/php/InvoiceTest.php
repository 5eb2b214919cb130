<?php

declare(strict_types=1);

namespace App\Tests;

use App\Invoice;
use App\InvoiceLine;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class InvoiceTest extends TestCase
{
    public function testAnEmptyInvoiceCostsNothing(): void
    {
        self::assertSame(0, (new Invoice('2025-0001'))->totalCents());
    }

    #[DataProvider('rates')]
    public function testTaxIsRoundedOncePerRate(int $rate, int $expected): void
    {
        $invoice = new Invoice('2025-0002');
        $invoice->add(new InvoiceLine('Pencil', 3, 33, $rate));
        $invoice->add(new InvoiceLine('Rubber', 1, 101, $rate));

        self::assertSame($expected, $invoice->taxCents());
    }

    /** @return iterable<string, array{int, int}> */
    public static function rates(): iterable
    {
        yield 'none' => [0, 0];
        yield 'reduced' => [7, 14];
        yield 'full' => [19, 38];
    }

    public function testASentInvoiceDoesNotChange(): void
    {
        $invoice = new Invoice('2025-0003');
        $invoice->send();

        $this->expectException(\LogicException::class);
        $invoice->add(new InvoiceLine('Pencil', 1, 33, 19));
    }
}
