//! Keep the lines in a database of your own: the appender needs no disk, and what is read back is verified.

use rusqlite::{Connection, params};
use serde_json::json;
use xinyi_core::{Content, Data, Kind, Replay};
use xinyi_testkit::Community;

/// Appends a content: the replay takes the line first, the row is the acknowledgement.
fn append(
    database: &Connection,
    replay: &mut Replay,
    content: Content,
    time: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let line = replay.prepare(content, vec![]).record(time.parse()?, &Community::trustee())?;
    let entry = replay.push(&line)?;
    let index = i64::try_from(entry.index().get())?;
    database.execute("insert into entries (place, line) values (?1, ?2)", params![index, line])?;
    Ok(())
}

/// Reads every row in order: a changed, missing or moved row is refused.
fn load(database: &Connection) -> Result<Replay, Box<dyn std::error::Error>> {
    let mut replay = Replay::new();
    let mut rows = database.prepare("select line from entries order by place")?;
    for line in rows.query_map([], |row| row.get::<_, Vec<u8>>(0))? {
        replay.push(&line?)?;
    }
    Ok(replay)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = Connection::open_in_memory()?;
    database.execute("create table entries (place integer primary key, line blob not null)", [])?;
    let genesis = Community::property_trust("2026-03").lines.remove(0);
    database.execute("insert into entries (place, line) values (0, ?1)", params![genesis])?;

    let mut replay = load(&database)?;
    let identity = replay.founding().map(|founding| founding.identity);
    for (day, amount) in [("2026-03-10", "100.00"), ("2026-03-11", "71.00")] {
        let data = json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"});
        let data = Data::from_json(Kind::Income, &data.to_string())?;
        let content = Content::new(identity, day.parse()?, format!("bank-{day}").parse()?, data)?;
        append(&database, &mut replay, content, &format!("{day}T04:00:00Z"))?;
    }
    println!("{} rows, root {}", load(&database)?.size(), replay.root());

    database.execute(
        "update entries set line = cast(replace(line, '71.00', '17.00') as blob) where place = 2",
        [],
    )?;
    println!("a changed row: {}", load(&database).err().ok_or("the change is found")?);
    Ok(())
}
