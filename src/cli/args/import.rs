//! What `import` takes.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

/// What is imported.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Import {
    /// Awards: each row becomes a past work of the business that won it or bid for it
    #[command(after_help = crate::cli::import::awards_help())]
    Awards(Facts),
    /// Tenders: each row becomes a project, a reference one when it is finished
    #[command(after_help = crate::cli::import::tenders_help())]
    Tenders(Facts),
    /// The whole codifier of territories (KATOTTG), as the ministry's CSV, plain or gz
    Territories(List),
    /// The whole list of a classification, plain or gz
    Classification {
        #[command(flatten)]
        list: List,
        /// Which classification
        #[arg(long, value_enum)]
        scheme: Scheme,
        /// How the list is written [default: by the file's name]
        #[arg(long, value_enum)]
        format: Option<ListFormat>,
    },
}

/// A table of facts.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Facts {
    #[command(flatten)]
    pub(in crate::cli) list: List,
    /// Who says it, such as PROZORRO; a row is known by source and key [default: the file's name]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) source: Option<String>,
    /// Language (BCP 47) of texts where the table does not say
    #[arg(long, value_name = "TAG")]
    pub(in crate::cli) language: Option<String>,
}

/// A file and in whose name it is imported.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct List {
    /// The file
    pub(in crate::cli) file: PathBuf,
    /// E-mail address of the administrator who imports; may be left out where there is one
    #[arg(long = "as", value_name = "EMAIL")]
    pub(in crate::cli) acting_as: Option<String>,
    /// Say what would happen and write nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

/// A classification whose list can be imported.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum Scheme {
    /// DK 021:2015, which is CPV 2008.
    #[value(name = "CPV", alias = "cpv")]
    Cpv,
    /// KVED-2010, which is NACE Rev. 2.
    #[value(name = "KVED", alias = "kved")]
    Kved,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    /// A JSON object of code and Ukrainian name.
    JsonUk,
    /// A JSON object of code and English name.
    JsonEn,
    /// CSV.
    Csv,
}
