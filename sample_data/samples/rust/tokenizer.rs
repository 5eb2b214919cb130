use std::fmt;
use std::iter::Peekable;
use std::str::CharIndices;

#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    Number(f64),
    Name(&'a str),
    Symbol(char),
}

#[derive(Debug, PartialEq)]
pub struct LexError {
    pub offset: usize,
    pub found: char,
}

impl fmt::Display for LexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unexpected {:?} at byte {}", self.found, self.offset)
    }
}

impl std::error::Error for LexError {}

pub fn tokenize(source: &str) -> Result<Vec<Token<'_>>, LexError> {
    let mut tokens = Vec::new();
    let mut chars = source.char_indices().peekable();
    while let Some(&(start, c)) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if c.is_ascii_digit() {
            let end = skip_while(&mut chars, source, |c| c.is_ascii_digit() || c == '.');
            let number = source[start..end].parse().map_err(|_| LexError { offset: start, found: c })?;
            tokens.push(Token::Number(number));
        } else if c.is_alphabetic() || c == '_' {
            let end = skip_while(&mut chars, source, |c| c.is_alphanumeric() || c == '_');
            tokens.push(Token::Name(&source[start..end]));
        } else if "+-*/()=,".contains(c) {
            chars.next();
            tokens.push(Token::Symbol(c));
        } else {
            return Err(LexError { offset: start, found: c });
        }
    }
    Ok(tokens)
}

fn skip_while(chars: &mut Peekable<CharIndices<'_>>, source: &str, keep: impl Fn(char) -> bool) -> usize {
    while let Some(&(offset, c)) = chars.peek() {
        if !keep(c) {
            return offset;
        }
        chars.next();
    }
    source.len()
}
