package com.example.rates;

import java.math.BigDecimal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/rates")
public class RateController {

    private final RateService service;

    public RateController(RateService service) {
        this.service = service;
    }

    @GetMapping("/{from}/{to}")
    public Map<String, Object> convert(
            @PathVariable String from, @PathVariable String to, @RequestParam(defaultValue = "1") BigDecimal amount) {
        BigDecimal converted = service.convert(from.toUpperCase(), to.toUpperCase(), amount);
        return Map.of("from", from, "to", to, "amount", amount, "converted", converted);
    }

    @ExceptionHandler(UnknownCurrencyException.class)
    public ResponseEntity<Map<String, String>> unknownCurrency(UnknownCurrencyException error) {
        return ResponseEntity.status(HttpStatus.NOT_FOUND).body(Map.of("error", error.getMessage()));
    }
}
