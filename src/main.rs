//! The program `mistok`; all of it is in the library (`mistok::cli`).

fn main() -> std::process::ExitCode {
    mistok::cli::main()
}
