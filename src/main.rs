//! The program `mistok`; all of it is in the library (`mistok::cli`).

/// Matching and answering allocate much and briefly, which this allocator does faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    mistok::cli::main()
}
