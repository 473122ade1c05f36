//! From a difference to a plan.

mod absence;
pub mod batch;
pub mod births;
pub mod cosmetic;
pub mod draft;
pub mod file;
pub mod folder;
pub mod goal;
pub mod graph;
pub mod known;
pub mod layout;
pub mod made;
pub mod make;
pub mod merge;
pub mod of_files;
pub mod offline;
pub mod order;
pub mod proof;
pub mod rehearse;
pub mod rename;
pub mod steps;
