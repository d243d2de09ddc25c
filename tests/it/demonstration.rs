//! The demonstration runs the main job: a municipality's work package finds its businesses, and the answer says why.

use serde_json::{Value, json};

use crate::on_both;

const MATCHES: &str =
    "{ projects(first: 10) { nodes { title workPackages { title matches(first: 3) { totalCount nodes { business { name } total criteria { kind points reason } } } } } } }";

on_both! {
    async fn every_work_package_of_the_demonstration_finds_businesses_and_says_why(app) {
        mistok::demo::fill(&app.app).await.expect("fills");
        app.settle().await;
        let data = app.data(None, MATCHES, json!({})).await;
        let projects = data["projects"]["nodes"].as_array().expect("projects");
        assert_eq!(projects.len(), 4);
        for package in projects.iter().flat_map(|project| project["workPackages"].as_array().expect("work packages")) {
            let matches = package["matches"]["nodes"].as_array().expect("matches");
            assert!(!matches.is_empty(), "{package:#}");
            for found in matches {
                assert_eq!(sum_of_points(found), found["total"].as_f64().map(rounded), "{found:#}");
                assert!(found["criteria"].as_array().expect("criteria").iter().all(|criterion| criterion["reason"] != ""), "{found:#}");
            }
            let totals: Vec<f64> = matches.iter().filter_map(|found| found["total"].as_f64()).collect();
            assert!(totals.is_sorted_by(|better, worse| better >= worse), "{totals:?}");
        }
    }
}

fn sum_of_points(found: &Value) -> Option<i64> {
    let points = found["criteria"].as_array()?.iter().map(|criterion| criterion["points"].as_f64()).sum::<Option<f64>>()?;
    Some(rounded(points))
}

/// In millionths, since sums of binary fractions differ in their last digits.
#[expect(clippy::cast_possible_truncation, reason = "totals are far below the range")]
fn rounded(points: f64) -> i64 {
    (points * 1e6).round() as i64
}
