package com.example.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvParserTest {

    private CsvParser parser;

    @BeforeEach
    void setUp() {
        parser = new CsvParser(';');
    }

    @Test
    void emptyInputHasNoRows() {
        assertEquals(List.of(), parser.parse(""));
    }

    @Test
    void quotedSeparatorsStayInTheField() {
        assertEquals(List.of(List.of("a;b", "c")), parser.parse("\"a;b\";c"));
    }

    @Test
    void unterminatedQuoteIsReportedWithItsLine() {
        CsvException error = assertThrows(CsvException.class, () -> parser.parse("a;b\n\"c"));
        assertEquals(2, error.line());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a       | 1
            a;b     | 2
            a;b;c   | 3
            ;       | 2
            """)
    void countsFields(String line, int expected) {
        assertEquals(expected, parser.parse(line).get(0).size());
    }
}
