//! scratch
mod kept;
use std::time::Instant;
use kept::Kept;
use xinyi_testkit::honest::{Plan, Scale, Teller};
#[test]
fn small() {
    let plan = Plan::new(Scale { first: "2028-01", households: 5, months: 13, seed: 1 });
    let t = Instant::now();
    let mut teller = Teller::new(plan.genesis.clone(), Kept::new());
    for a in &plan.acts { teller.tell([a]); }
    eprintln!("{} told in {:?}", plan.acts.len(), t.elapsed());
    let t = Instant::now();
    let f = teller.fork();
    eprintln!("fork in {:?}", t.elapsed());
    let t = Instant::now();
    let _ = teller.community.fork();
    eprintln!("  community {:?}", t.elapsed());
    let t = Instant::now();
    let _ = teller.keeper.clone();
    eprintln!("  keeper {:?}", t.elapsed());
    let t = Instant::now();
    drop(f);
    eprintln!("drop {:?}", t.elapsed());
    let t = Instant::now();
    let _ = teller.keeper.checker.finish();
    eprintln!("finish {:?}", t.elapsed());
}
