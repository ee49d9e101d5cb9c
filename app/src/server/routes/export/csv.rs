//! Submissions as a table for spreadsheets (RFC 4180): one line an area.

use crate::api::Past;
use domain::percent::format_points;

const HEADER: &str = "id,budget,submitted_at,counts,category,name,percent\r\n";

/// The whole file.
pub(super) fn table(submissions: &[Past]) -> String {
    let mut csv = String::from(HEADER);
    for Past { listed, view, points } in submissions {
        let start = [&*view.id, &*view.budget, &*view.at, if view.counted { "yes" } else { "no" }].map(cell).join(",");
        for (category, points) in listed.budget.categories.iter().zip(points) {
            let end = [&*category.slug, &*category.name, &*format_points(*points)].map(cell).join(",");
            csv.extend([&*start, ",", &*end, "\r\n"]);
        }
    }
    csv
}

/// Quoted where it has to be. What a spreadsheet would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_never_breaks_out_of_its_place() {
        assert_eq!(cell("Health, \"all\""), "\"Health, \"\"all\"\"\"");
        assert_eq!(cell("a\nb"), "\"a\nb\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("12.5"), "12.5");
    }
}
