//! Rows of the bulk path on their way in: binary `COPY`.

use crate::{codec, copy::SIGNATURE, error::Fault};
use service::port::StoredSubmission;
use sqlx::PgConnection;

const COPY: &str = "COPY submission
    (version, participant, effective_ms, budget, standing, id, points, segments)
    FROM STDIN (FORMAT binary)";
/// Bytes of one message.
const CHUNK: usize = 256 * 1024;

fn put(out: &mut Vec<u8>, field: Option<&[u8]>) {
    // No field comes near two gigabytes.
    let length = field.map_or(-1, |bytes| bytes.len() as i32);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(field.unwrap_or_default());
}

fn put_row(out: &mut Vec<u8>, row: &StoredSubmission, first_counted: bool) {
    let number = |value: i64| value.to_be_bytes();
    let standing = match (row.counted, first_counted) {
        (true, true) => b"C",
        (true, false) => b"S",
        (false, true) => b"c",
        (false, false) => b"s",
    };
    out.extend_from_slice(&8_i16.to_be_bytes());
    put(out, Some(&number(row.version.0)));
    put(
        out,
        row.participant.map(|participant| number(codec::participant(participant))).as_ref().map(<[u8; 8]>::as_slice),
    );
    put(out, codec::own_time(row.id, row.effective).map(number).as_ref().map(<[u8; 8]>::as_slice));
    put(out, Some(&row.budget.0.to_be_bytes()));
    put(out, Some(standing));
    put(out, Some(row.id.as_bytes()));
    put(out, Some(&row.allocation.to_bytes()));
    put(out, codec::segments(&row.segments));
}

/// Each row comes with what its first answer said.
pub(crate) async fn copy(
    connection: &mut PgConnection,
    rows: impl Iterator<Item = (&StoredSubmission, bool)> + Send,
) -> Result<(), Fault> {
    let mut copy = connection.copy_in_raw(COPY).await?;
    let mut buffer = Vec::with_capacity(CHUNK + 1024);
    buffer.extend_from_slice(SIGNATURE);
    buffer.extend_from_slice(&[0; 8]);
    for (row, first_counted) in rows {
        put_row(&mut buffer, row, first_counted);
        if buffer.len() >= CHUNK {
            copy.send(buffer.as_slice()).await?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&(-1_i16).to_be_bytes());
    copy.send(buffer).await?;
    copy.finish().await?;
    Ok(())
}
