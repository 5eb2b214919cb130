const NUMERALS: [(u16, &str); 13] = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
];

pub fn to_roman(mut number: u16) -> Option<String> {
    if !(1..4000).contains(&number) {
        return None;
    }
    let mut text = String::new();
    for (value, letters) in NUMERALS {
        while number >= value {
            text.push_str(letters);
            number -= value;
        }
    }
    Some(text)
}

pub fn from_roman(text: &str) -> Option<u16> {
    let mut rest = text;
    let mut number = 0;
    for (value, letters) in NUMERALS {
        while let Some(shorter) = rest.strip_prefix(letters) {
            number += value;
            rest = shorter;
        }
    }
    // only the canonical spelling counts
    (rest.is_empty() && to_roman(number).as_deref() == Some(text)).then_some(number)
}

#[test]
fn every_number_survives_the_round_trip() {
    for number in 1..4000 {
        assert_eq!(from_roman(&to_roman(number).unwrap()), Some(number));
    }
    assert_eq!(from_roman("IIII"), None);
    assert_eq!(from_roman(""), None);
}
