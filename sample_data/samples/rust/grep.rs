use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

struct Options {
    needle: String,
    ignore_case: bool,
    paths: Vec<String>,
}

fn parse(args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut ignore_case = false;
    let mut rest = Vec::new();
    for arg in args {
        match arg.as_str() {
            "-i" => ignore_case = true,
            flag if flag.starts_with('-') && flag.len() > 1 => return Err(format!("unknown flag {flag}")),
            _ => rest.push(arg),
        }
    }
    if rest.is_empty() {
        return Err("usage: grep [-i] TEXT [FILE...]".into());
    }
    let needle = rest.remove(0);
    Ok(Options { needle, ignore_case, paths: rest })
}

fn search(reader: impl BufRead, name: &str, options: &Options, out: &mut impl Write) -> io::Result<usize> {
    let mut found = 0;
    let needle = if options.ignore_case { options.needle.to_lowercase() } else { options.needle.clone() };
    for (number, line) in reader.lines().enumerate() {
        let line = line?;
        let hit = if options.ignore_case { line.to_lowercase().contains(&needle) } else { line.contains(&needle) };
        if hit {
            found += 1;
            writeln!(out, "{name}:{}: {line}", number + 1)?;
        }
    }
    Ok(found)
}

fn run() -> Result<usize, Box<dyn Error>> {
    let options = parse(env::args().skip(1))?;
    let mut out = io::stdout().lock();
    if options.paths.is_empty() {
        return Ok(search(io::stdin().lock(), "-", &options, &mut out)?);
    }
    let mut found = 0;
    for path in &options.paths {
        found += search(BufReader::new(File::open(path)?), path, &options, &mut out)?;
    }
    Ok(found)
}

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::from(1),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("grep: {error}");
            ExitCode::from(2)
        }
    }
}
