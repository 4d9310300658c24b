//! What in a text looks like a person's: numbers of phones, identity cards and bank cards, plates, flats, names.
//!
//! Plain matchers over characters: each pattern is a few lines, and a match can be explained to a reader.

/// What a text seems to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Personal {
    /// A bank card's number: 16 to 19 digits whose last one checks.
    Card,
    /// An identity card's number, whose last place checks.
    Identity,
    /// A mobile number of the mainland.
    Mobile,
    /// A name with a form of address.
    Name,
    /// A number plate.
    Plate,
    /// A flat's place in the compound.
    Room,
}

impl Personal {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Identity => "identity",
            Self::Mobile => "mobile",
            Self::Name => "name",
            Self::Plate => "plate",
            Self::Room => "room",
        }
    }

    /// Whether hardly anything else looks so.
    pub(super) const fn is_plain(self) -> bool {
        matches!(self, Self::Identity | Self::Mobile)
    }

    /// The first of these, the plainest first, that a text holds.
    pub(super) fn found_in(text: &str) -> Option<Self> {
        if !may_hold_any(text) {
            return None;
        }
        let chars: Vec<char> = text.chars().map(narrow).collect();
        let words = words(&chars);
        let matchers: [(Self, bool); 6] = [
            (Self::Identity, words.iter().any(|word| is_identity(word))),
            (Self::Mobile, numbers(&words, &[3, 4, 4]).any(|number| is_mobile(&number))),
            (Self::Card, cards(&words)),
            (Self::Plate, places(&chars).any(|mut at| at.plate())),
            (Self::Room, places(&chars).any(|mut at| at.room())),
            (Self::Name, places(&chars).any(|mut at| at.name())),
        ];
        matchers.into_iter().find(|(_, found)| *found).map(|(what, _)| what)
    }
}

/// Whether a text has two digits or a form of address: nothing else can hold any of these.
fn may_hold_any(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().filter(u8::is_ascii_digit).nth(1).is_some();
    }
    let mut digits = text.chars().filter(|char| narrow(*char).is_ascii_digit());
    digits.nth(1).is_some() || ADDRESSES.iter().any(|word| text.contains(word))
}

/// A full-width letter or digit as the narrow one.
fn narrow(wide: char) -> char {
    let code = u32::from(wide);
    let shifted = code.checked_sub(0xFEE0).filter(|_| (0xFF01..=0xFF5E).contains(&code));
    shifted.and_then(char::from_u32).unwrap_or(wide)
}

/// Runs of Latin letters and digits without letters before (`tel139…`), an empty one wherever more than a blank or a
/// dash lies between two.
fn words(chars: &[char]) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut gap = String::new();
    for char in chars {
        if char.is_ascii_alphanumeric() {
            if !gap.is_empty() {
                if gap != "-" && gap != " " {
                    words.push(String::new());
                }
                words.push(String::new());
                gap.clear();
            }
            if let Some(word) = words.last_mut().filter(|word| !word.is_empty() || char.is_ascii_digit()) {
                word.push(*char);
            }
        } else {
            gap.push(*char);
        }
    }
    words
}

/// Words that are one number, and neighbouring ones that are a number written in groups of these sizes.
fn numbers<'w>(words: &'w [String], groups: &'w [usize]) -> impl Iterator<Item = String> + 'w {
    let grouped = words
        .windows(groups.len())
        .filter(move |group| group.iter().zip(groups).all(|(word, size)| word.len() == *size));
    words.iter().cloned().chain(grouped.map(<[String]>::concat)).filter(|word| is_number(word))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_mobile(number: &str) -> bool {
    number.len() == 11 && number.starts_with('1') && number.chars().nth(1).is_some_and(|second| second >= '3')
}

fn cards(words: &[String]) -> bool {
    let groups: [&[usize]; 2] = [&[4, 4, 4, 4], &[4, 4, 4, 4, 3]];
    groups.iter().any(|groups| numbers(words, groups).any(|number| is_card(&number)))
}

/// Luhn's check.
fn is_card(number: &str) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let digits = number.chars().rev().filter_map(|char| char.to_digit(10));
    let sum: u32 =
        digits.enumerate().map(|(place, digit)| if place % 2 == 1 { doubled(digit) } else { digit }).sum();
    (16..=19).contains(&number.len()) && sum.is_multiple_of(10)
}

/// The check of GB 11643.
fn is_identity(word: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits: Vec<u32> = word.chars().map_while(|char| char.to_digit(10)).take(17).collect();
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = usize::try_from(sum % 11).ok().and_then(|place| CHECKS.get(place));
    let last = word.chars().last().map(|char| char.to_ascii_uppercase());
    word.len() == 18 && digits.len() == 17 && check.copied() == last
}

/// A place in a text, from which a pattern is read.
#[derive(Clone)]
struct Place<'c> {
    before: Option<char>,
    rest: &'c [char],
}

fn places(chars: &[char]) -> impl Iterator<Item = Place<'_>> {
    let place = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied();
        Some(Place { before, rest: chars.get(at..)? })
    };
    (0..chars.len()).filter_map(place)
}

impl Place<'_> {
    /// Takes one character of these.
    fn one(&mut self, is_meant: impl Fn(char) -> bool) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if is_meant(*first) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes all characters of these that follow; how many.
    fn all(&mut self, is_meant: impl Fn(char) -> bool + Copy) -> usize {
        let mut taken = 0;
        while self.one(is_meant) {
            taken += 1;
        }
        taken
    }

    fn word(&mut self, word: &str) -> bool {
        let mut after = self.clone();
        let is_there = word.chars().all(|meant| after.one(|char| char == meant));
        if is_there {
            *self = after;
        }
        is_there
    }

    /// A number of so many digits before one of these words.
    fn counted(&mut self, most: usize, words: &[&str]) -> bool {
        let mut after = self.clone();
        let digits = after.all(|char| char.is_ascii_digit());
        let is_there = (1..=most).contains(&digits) && words.iter().any(|word| after.word(word));
        if is_there {
            *self = after;
        }
        is_there
    }

    /// 川A·12345: a province, a letter, five or six letters and digits, two digits at least.
    fn plate(&mut self) -> bool {
        let is_place = |char: char| char.is_ascii_uppercase() || char.is_ascii_digit();
        let starts = self.one(|char| PROVINCES.contains(char)) && self.one(|char| char.is_ascii_uppercase());
        self.one(|char| "·•.- ".contains(char));
        let digits =
            self.rest.iter().take_while(|char| is_place(**char)).filter(|char| char.is_ascii_digit());
        let digits = digits.count();
        starts && (5..=6).contains(&self.all(is_place)) && digits >= 2
    }

    /// 3栋2单元501, 2单元501, 501室 or 3-2-501.
    fn room(&mut self) -> bool {
        if self.before.is_some_and(|char| char.is_ascii_alphanumeric() || char == '-') {
            return false;
        }
        let is_digit = |char: char| char.is_ascii_digit();
        let ends = |at: &mut Self| {
            let flat = (3..=4).contains(&at.all(is_digit));
            flat && !at.one(|char| NOT_A_FLAT.contains(char))
        };
        let building = self.counted(3, &["栋", "幢", "座", "号楼"]);
        let entrance = self.counted(2, &["单元"]);
        if building || entrance {
            self.counted(2, &["层", "楼"]);
            return ends(self);
        }
        let mut dashed = self.clone();
        let is_dashed = dashed.counted(2, &["-"]) && dashed.counted(2, &["-"]) && ends(&mut dashed);
        let mut plain = self.clone();
        is_dashed || (3..=4).contains(&plain.all(is_digit)) && plain.one(|char| char == '室')
    }

    /// 张先生: a common surname, perhaps a given name at the start of a run of words, and a form of address.
    fn name(&mut self) -> bool {
        let address = |at: &Self| ADDRESSES.iter().any(|word| at.clone().word(word));
        if !self.one(|char| SURNAMES.contains(char)) {
            return false;
        }
        if address(self) {
            return true;
        }
        let starts_run = self.before.is_none_or(|char| char.is_ascii() || !char.is_alphabetic());
        let given = |at: &mut Self| at.one(char::is_alphabetic) && address(at);
        starts_run && (given(self) || given(self))
    }
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// What makes a number a year, an amount or a measure.
const NOT_A_FLAT: &str = "0123456789年元平米户人份个件盏-.";

const ADDRESSES: [&str; 7] = ["先生", "女士", "小姐", "太太", "阿姨", "大爷", "师傅"];

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

#[cfg(test)]
mod tests {
    use super::Personal;

    #[test]
    fn what_is_a_persons_is_found() {
        // Every number and name here is made up.
        for (text, what) in [
            ("电话13800138000。", Personal::Mobile),
            ("tel13800138000", Personal::Mobile),
            ("１３８００１３８０００", Personal::Mobile),
            ("138-0013-8000", Personal::Mobile),
            ("身份证11010519491231002X", Personal::Identity),
            ("卡号6222020200112233446", Personal::Card),
            ("4111 1111 1111 1111", Personal::Card),
            ("川A·12345", Personal::Plate),
            ("川AD12345", Personal::Plate),
            ("3栋2单元501", Personal::Room),
            ("2单元1203漏水", Personal::Room),
            ("12号楼801", Personal::Room),
            ("501室", Personal::Room),
            ("退3-2-501押金", Personal::Room),
            ("退张先生押金", Personal::Name),
            ("张小明女士", Personal::Name),
        ] {
            assert_eq!(Personal::found_in(text), Some(what), "{text}");
        }
    }

    #[test]
    fn what_is_nobodys_is_not() {
        for text in [
            "更换电梯钢丝绳",
            "物业费调整为每平方米每月 1.11 元",
            "2026-03-01 至 2026-03-31",
            "2026-03-01 2026-04-01",
            "12800138000",
            "110105194912310021",
            "4111 1111 1111 1112",
            "3栋2026年外墙维修",
            "3栋2单元外墙",
            "3栋100平米",
            "川A区",
            "合同2026-001",
            "各位先生、女士",
            "业主女士",
            "138.00",
            "第12条",
        ] {
            assert_eq!(Personal::found_in(text), None, "{text}");
        }
    }
}
