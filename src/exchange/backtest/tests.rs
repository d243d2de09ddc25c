//! The backtest on a bench of its own, made up here.

use std::collections::BTreeSet;
use std::io::Write as _;

use super::files::{Answer, Asked};
use super::*;

const AWARDS: &str = "track,tender_id,date,text,cpv,kind,value_eur,area,region,buyer_id,winners,bidders\n";
const SUPPLIERS: &str = "track,supplier_id,train_wins,train_bids,home_area,home_region,name_keywords\n";
const CASES: &str = "track,case_id,date,text,cpv,kind,value_eur,area,region,buyer_id,winners,bidders,protocol,winner_max_past_wins,novel_pair\n";

fn written(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("mistok-backtest-{}-{name}", std::process::id()));
    std::fs::File::create(&path).and_then(|mut file| file.write_all(text.as_bytes())).expect("a temporary file is written");
    path
}

/// Road builders win roads and pipe layers pipes, a hundred days long.
fn options(name: &str) -> Options {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    let awards: Vec<String> = (0..100)
        .map(|day| {
            let date = first + Days::new(day);
            let (text, winner) = if day % 2 == 0 { ("repair of the road", "AAroad") } else { ("new water pipes", "AApipe") };
            format!("AA,a{day},{date},{text},,works,1000,Town,Land,b1,{winner},{winner};AAother\n")
        })
        .collect();
    let suppliers = format!("{SUPPLIERS}AA,AAroad,50,50,,,\nAA,AApipe,50,50,,,\nAA,AAother,0,100,,,\n");
    let cases = format!("{CASES}AA,c1,2024-06-01,water pipes of the school,,works,1000,Town,Land,b1,AApipe,AApipe,warm,50,0\n");
    Options {
        awards: written(&format!("{name}-awards.csv"), &(AWARDS.to_owned() + &awards.concat())),
        suppliers: written(&format!("{name}-suppliers.csv"), &suppliers),
        cases: Some(written(&format!("{name}-cases.csv"), &cases)),
        ranks: Some(std::env::temp_dir().join(format!("mistok-backtest-{}-{name}-ranks.tsv", std::process::id()))),
    }
}

#[test]
fn who_did_the_like_before_is_found_and_counted() {
    let options = options("found");
    let mut steps = Vec::new();
    let report = run(&options, &mut |done, total| steps.push((done, total))).unwrap();
    let all: Vec<&Row> = report.rows.iter().filter(|row| row.subset == "all").collect();
    assert_eq!(all.iter().map(|row| (row.period, row.cases)).collect::<Vec<_>>(), [(Period::Window, 24), (Period::Cases, 1)]);
    assert!(all.iter().all(|row| (row.hit_1 - 1.0).abs() < 1e-9), "{report}");
    assert_eq!(steps.last(), Some(&(25, 25)));
    let ranks = std::fs::read_to_string(options.ranks.unwrap()).unwrap();
    assert!(ranks.starts_with("c1\tAApipe\t1\n"), "{ranks}");
}

#[test]
fn an_error_names_file_line_and_column() {
    let mut options = options("wrong");
    options.awards = written("wrong.csv", &format!("{AWARDS}AA,a1,2024-01-01,,,works,1,,,,x,x\nAA,a2,soon,,,works,1,,,,x,x\n"));
    let error = run(&options, &mut |_, _| ()).unwrap_err().to_string();
    assert!(error.ends_with("wrong.csv: line 3, column `date`: `soon` is not a date such as 2024-07-01"), "{error}");
    options.awards = written("short.csv", "track,date\nAA,2024-01-01\n");
    let error = run(&options, &mut |_, _| ()).unwrap_err().to_string();
    assert!(error.ends_with("there is no column `value_eur`"), "{error}");
}

#[test]
fn figures_count_the_first_winner_that_can_be_found() {
    let asked = Asked {
        track: "AA".to_owned(),
        id: "c".to_owned(),
        date: NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(),
        text: String::new(),
        code: String::new(),
        kind: "works".to_owned(),
        value: None,
        area: String::new(),
        region: String::new(),
        buyer: String::new(),
    };
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
    let answer = Answer { winners: set(&["w"]), bidders: set(&["w", "b", "unknown"]) };
    let case = Case { asked, protocol: Protocol::Warm };
    let judged = Judged { answer, past_wins: 1, new_pair: false };
    let ranks = vec![["x", "b", "w"].map(str::to_owned).to_vec()];
    let rows = metrics::count(Period::Cases, &[case], &[judged], &ranks, &set(&["w", "b", "x"]));
    let all = &rows[0];
    assert!((all.mrr - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!((all.hit_1, all.hit_5), (0.0, 1.0));
    let gained = 1.0 / 3.0_f64.log2() + 3.0 / 4.0_f64.log2();
    assert!((all.ndcg_10 - gained / (3.0 + 1.0 / 3.0_f64.log2())).abs() < 1e-9);
}
